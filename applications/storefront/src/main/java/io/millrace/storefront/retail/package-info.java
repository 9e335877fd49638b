/** The Online Retail data set, read line by line and turned into the events of a shop. */
@NullMarked
package io.millrace.storefront.retail;

import org.jspecify.annotations.NullMarked;
