/** Keeps the points of one embedding space in a Lucene index and finds the nearest ones that pass a filter. */
@NullMarked
package io.millrace.vector.engine;

import org.jspecify.annotations.NullMarked;
