/** TorchScript for inference-service, with PyTorch's library: an engine that is put beside the service where it is wanted. */
@NullMarked
package io.millrace.inference.pytorch;

import org.jspecify.annotations.NullMarked;
