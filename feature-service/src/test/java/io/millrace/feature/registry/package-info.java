@NullMarked
package io.millrace.feature.registry;

import org.jspecify.annotations.NullMarked;
