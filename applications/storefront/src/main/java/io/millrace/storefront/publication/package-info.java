/** What a training leaves for the services: model versions, item vectors and the list of popular items. */
@NullMarked
package io.millrace.storefront.publication;

import org.jspecify.annotations.NullMarked;
