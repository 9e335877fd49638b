/** A simulated shop whose truth is known: what customers like, and what they did because of it. */
@NullMarked
package io.millrace.storefront.simulation;

import org.jspecify.annotations.NullMarked;
