/** Keeps the loaded models equal to what lies in the model repository folder. */
@NullMarked
package io.millrace.inference.repository;

import org.jspecify.annotations.NullMarked;
