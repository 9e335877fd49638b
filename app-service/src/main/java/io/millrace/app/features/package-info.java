/** Reads online features from feature-service, or whatever else speaks Feast's serving API. */
@NullMarked
package io.millrace.app.features;

import org.jspecify.annotations.NullMarked;
