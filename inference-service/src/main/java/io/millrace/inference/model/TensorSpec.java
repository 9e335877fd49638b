package io.millrace.inference.model;

/** What a model says about one of its inputs or outputs. */
public record TensorSpec(String name, Datatype datatype, Shape shape) {}
