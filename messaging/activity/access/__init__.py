"""How the pages of logs and statistics get at what they show: each takes the person and returns only what is theirs."""
