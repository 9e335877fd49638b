/** Knows the collections, defined in Postgres, and keeps an index for each embedding space of their points. */
@NullMarked
package io.millrace.vector.collection;

import org.jspecify.annotations.NullMarked;
