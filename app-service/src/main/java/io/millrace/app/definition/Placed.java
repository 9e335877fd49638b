package io.millrace.app.definition;

/** A value and where it is written, so that a later check can point at it. */
public record Placed<T>(T value, Place place) {}
