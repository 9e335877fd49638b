/** Answers errors as problem+json that says what to change. */
@NullMarked
package io.millrace.starter.problem;

import org.jspecify.annotations.NullMarked;
