/** The latency of a prediction with one caller. */
@NullMarked
package io.millrace.benchmarks.latency;

import org.jspecify.annotations.NullMarked;
