/** The storefront's programs: they load or simulate a shop, train its models and measure its answers. */
@NullMarked
package io.millrace.storefront;

import org.jspecify.annotations.NullMarked;
