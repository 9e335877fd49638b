/** Makes the vectors of entities that have none yet, by the model that the collection names. */
@NullMarked
package io.millrace.vector.embedding;

import org.jspecify.annotations.NullMarked;
