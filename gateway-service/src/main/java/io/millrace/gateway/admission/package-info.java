/** What every request carries and may cost: its id, its trace, its deadline and its size. */
@NullMarked
package io.millrace.gateway.admission;

import org.jspecify.annotations.NullMarked;
