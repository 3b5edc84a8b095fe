"""What the end-to-end tests need around the functions: processes, secrets, tokens, Ditto's side of the contract."""
