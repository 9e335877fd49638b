/** Asks a running storefront for predictions, and says which answers count. */
@NullMarked
package io.millrace.benchmarks.storefront;

import org.jspecify.annotations.NullMarked;
