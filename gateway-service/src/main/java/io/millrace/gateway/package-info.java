/** The edge: who is asking, may it come in, and where does it go. */
@NullMarked
package io.millrace.gateway;

import org.jspecify.annotations.NullMarked;
