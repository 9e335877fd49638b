/** Runs the rows of several requests as one batch, without making a lone request wait. */
@NullMarked
package io.millrace.inference.batching;

import org.jspecify.annotations.NullMarked;
