/** Nearest-neighbour search over collections of points with a typed payload. */
@NullMarked
package io.millrace.vector;

import org.jspecify.annotations.NullMarked;
