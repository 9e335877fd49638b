package io.millrace.app.application;

import java.time.Instant;

/**
 * A version that an application has or had.
 *
 * @param hash which content it is
 */
public record Published(int version, String hash, Instant createdAt) {}
