/** Measures a running Millrace from outside. */
@NullMarked
package io.millrace.benchmarks;

import org.jspecify.annotations.NullMarked;
