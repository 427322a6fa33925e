"""Answers: what people say of a company, and what comes of it."""
