"""The pages of secure messages: the sender's, the recipient's, and what comes back."""
