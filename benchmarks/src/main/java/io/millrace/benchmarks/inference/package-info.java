/** What stands between a caller and the engine, measured against the engine alone. */
@NullMarked
package io.millrace.benchmarks.inference;

import org.jspecify.annotations.NullMarked;
