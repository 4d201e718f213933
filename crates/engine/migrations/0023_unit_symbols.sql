-- A milligram is no megagram: of units the case of the symbol matters.
update unit set natural_key = symbol;
