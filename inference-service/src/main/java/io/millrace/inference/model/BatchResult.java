package io.millrace.inference.model;

import java.util.List;

/**
 * What one batch gave, and how long it took.
 *
 * @param answers for each request, in order, the declared outputs of its rows
 * @param copyInNanos until the engine had the inputs
 * @param computeNanos in the engine
 * @param copyOutNanos until the answers were apart
 */
public record BatchResult(List<List<Tensor>> answers, long copyInNanos, long computeNanos, long copyOutNanos) {}
