/** A model server: many models and versions, batched, exchanged while they serve, behind the Open Inference Protocol. */
@NullMarked
package io.millrace.inference;

import org.jspecify.annotations.NullMarked;
