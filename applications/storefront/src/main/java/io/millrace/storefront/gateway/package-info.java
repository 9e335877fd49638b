/** The public API as a client sees it. */
@NullMarked
package io.millrace.storefront.gateway;

import org.jspecify.annotations.NullMarked;
