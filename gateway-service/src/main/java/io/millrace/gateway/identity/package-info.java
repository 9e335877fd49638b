/** Who is asking: API keys in, tenants onward. */
@NullMarked
package io.millrace.gateway.identity;

import org.jspecify.annotations.NullMarked;
