/** What a model says about its inputs, and how feature values become its tensors: one way, whoever calls the model. */
@NullMarked
package io.millrace.model;

import org.jspecify.annotations.NullMarked;
