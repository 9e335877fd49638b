/** An application's definition: a typed graph of steps, read from YAML, with the place of everything that is wrong. */
@NullMarked
package io.millrace.app.definition;

import org.jspecify.annotations.NullMarked;
