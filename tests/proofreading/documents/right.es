Un 64 % de las personas encuestadas contaba con teléfono inteligente e internet durante el viaje y un 36 % no.
Las mujeres (35 %) usaron menos que los hombres (47 %) las redes sociales para planificar la salida.
Casi dos de cada tres personas (64 %) disponían de teléfono inteligente e internet durante el viaje.
El uso de alguna tecnología es más alto entre las mujeres (90 %) que entre los hombres (77 %).
De las 531 personas encuestadas, 324 son hombres (61 %) y 207 mujeres (39 %).
El 89 % usa WhatsApp, el 64 % Facebook y el 41 % TikTok como plataformas.
