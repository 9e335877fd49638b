package io.millrace.testing;

/** How to connect to a database of one's own. */
public record Postgres(String jdbcUrl, String username, String password) {}
