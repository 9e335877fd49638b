/** What a model's instances cost, and what it was spent on. */
@NullMarked
package io.millrace.inference.cost;

import org.jspecify.annotations.NullMarked;
