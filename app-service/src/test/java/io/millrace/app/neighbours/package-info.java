/** Small real servers that stand where the neighbours do, and can be slow, wrong or away. */
@NullMarked
package io.millrace.app.neighbours;

import org.jspecify.annotations.NullMarked;
