/** Feast's serving API over gRPC, and HTTP for definitions, an entity's features and training sets. */
@NullMarked
package io.millrace.feature.api;

import org.jspecify.annotations.NullMarked;
