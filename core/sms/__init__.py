"""Text messages: which numbers are texted, through which gateway, how many, and what became of each."""
