// What posterior.cl and divergence.cl know of the encoder's output alike.

#ifndef VAE_POSTERIOR_H
#define VAE_POSTERIOR_H

#define LOG_VARIANCE 0
#define LOGARITHM_GUARD 1e-10f

#endif
