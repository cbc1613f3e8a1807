// This file lets rand_tamago.go declare a function without a body.
