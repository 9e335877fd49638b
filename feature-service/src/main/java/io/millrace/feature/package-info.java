/** Features: computed from events by one definition, served online in Feast's layout and offline as training sets. */
@NullMarked
package io.millrace.feature;

import org.jspecify.annotations.NullMarked;
