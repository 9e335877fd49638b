/** What {@code ./millrace bench} measures: each benchmark in a package of its own, all of them in {@code Benchmarks}. */
@NullMarked
package io.millrace.benchmarks;

import org.jspecify.annotations.NullMarked;
