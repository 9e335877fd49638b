package io.millrace.inference.routing;

/**
 * Where a request may go.
 *
 * @param version a number, or empty for the latest
 */
public record Target(String model, String version) {}
