/** Training sets: feature values as they were at given moments. */
@NullMarked
package io.millrace.feature.offline;

import org.jspecify.annotations.NullMarked;
