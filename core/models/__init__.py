"""The machinery's tables."""

from core.models.codes import Code
from core.models.jobs import Heartbeat, Job
from core.models.sms import CountryStop, Text, TextSwitch
from core.models.throttle import Counter

__all__ = ["Code", "Counter", "CountryStop", "Heartbeat", "Job", "Text", "TextSwitch"]
