"""How people found one another: the forest of recruitment, its weights, and samples drawn anew from it.

Arrays in, arrays out. Whoever reads a design asks ``weights_of`` for the weights of an estimator and for those of its
bootstrap samples, and hands both to the one variance door as weights and replicate weights.
"""
