/** Point-in-time features from the feature service. */
@NullMarked
package io.millrace.storefront.features;

import org.jspecify.annotations.NullMarked;
