/** HTTP: predictions, events, and the applications themselves. */
@NullMarked
package io.millrace.app.api;

import org.jspecify.annotations.NullMarked;
