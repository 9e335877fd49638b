/** Answers again what a model version has answered before, for models that ask for it. */
@NullMarked
package io.millrace.inference.cache;

import org.jspecify.annotations.NullMarked;
