"""Documents to be signed: checked, drawn, stamped, sealed and verified, without a word of the portal around them."""
