"""The functions of the apps that the layers below call by name, since they may not import them."""

# Called by the worker, in order, with the present instant: what each app forgets.
RETENTION_STEPS = [
    "accounts.retention.forget_what_is_over",
    "messaging.items.retention.look_after_drafts",
    "messaging.items.retention.forget_what_is_over",
    "messaging.items.services.week_moving.add_missing_weeks",
    "messaging.items.services.sweeping.sweep_unnamed_files",
    "messaging.items.services.storing.count_shared_spaces",
    "messaging.items.services.warning.warn_of_unread",
    "messaging.items.services.warning.warn_of_unread_returns",
    "messaging.items.events.forgetting.forget_what_is_over",
    "messaging.items.services.purging.purge_what_is_old",
    "messaging.envelopes.retention.forget_what_is_over",
    "messaging.activity.services.totals.move_zones",
    "signatures.retention.warn_of_seal_end",
    "signatures.services.warning.warn_of_ends",
    "signatures.services.warning.warn_of_late_seals",
    "signatures.retention.forget_sealed_documents",
]
# Called by the worker each round; each tells whether it has more to do at once.
WORKER_STEPS = [
    "licenses.services.renewing.renew_what_ended",
    "messaging.items.events.sealing.seal_what_waits",
    "messaging.activity.services.totals.total_what_waits",
    "signatures.services.completing.complete_what_waits",
]
# Called by `manage.py check_invariants`, in order; each yields one line a broken promise.
INVARIANT_CHECKS = [
    "messaging.items.events.checking.broken_chains",
    "messaging.items.events.checking.wrong_counts",
    "messaging.items.invariants.incomplete_items",
    "messaging.items.invariants.incomplete_returns",
    "messaging.items.invariants.unrecorded_items",
    "messaging.items.invariants.incomplete_files",
    "messaging.items.invariants.unnamed_files_left",
    "messaging.items.invariants.overlong_links",
    "messaging.items.invariants.miscounted_months",
    "messaging.items.invariants.undercounted_spaces",
    "signatures.invariants.incomplete_requests",
    "signatures.invariants.wrong_stages",
    "signatures.invariants.wrongly_completed_requests",
]

# Called by the worker, in order, with a country that has stopped by itself: who is told of it.
COUNTRY_STOP_STEPS = ["portal.support.texts.tell_staff"]
