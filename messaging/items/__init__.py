"""What every sent thing shares: people, links, proofs, content, what happened."""
