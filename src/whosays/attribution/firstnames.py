"""First names that in world news are hardly ever the other sex's; names common to both (Kim, Jan, Andrea, Sasha) are left out."""

from __future__ import annotations

from whosays.attribution.roles import words_of

#: Also what stands like a first name before one: "Sheikh", "Pope".
MEN = words_of(
    """
    Aaron Abdul Abdullah Abiy Adam Adrian Ahmad Ahmed Ahmet Alan Alastair Albert Alejandro Aleksandar Alexander Alexei
    Ali Alistair Alvaro Amit Amrullah Anatoly Anders Andrei Andres Andrew Andy Anthony Antonio Antonis Antony Ariel
    Arthur Ashraf Asif Austin Avigdor Ayatollah Ayman Barack Barry Bashar Ben Benigno Benjamin Bernard Bernie Bill
    Binali Binyamin Bob Bobby Boris Brad Bradley Brandon Brian Bruce Bryan Carl Carlos Carsten Charles Chris
    Christopher Chuck Claude Colin Craig Cyril Dan Daniel Darrell Dave David Dean Denis Dennis Dick Diego Dmitri
    Dmitry Dominic Don Donald Doug Douglas Duane Duncan Dylan Earl Ed Edi Edmund Edward Ehud Emir Emmanuel Enrico
    Enrique Eric Ethan Eugene Evo Faisal Father Felipe Fernando Fethullah Fidel Francois Frank Fred Fumio Gabriel Gary
    Gavin Geert George Gerald Gerard Gerhard Gilad Giorgio Giuseppe Glenn Goodluck Gordon Graham Greg Gregory Guido
    Hamad Hamdi Hamid Hans Harry Hashim Hassan Heiko Henry Herman Horst Hossein Howard Hugh Hugo Hussein Ian Ibrahim
    Igor Imam Imran Ismail Ivan Jack Jacob Jacques James Jared Jason Jeff Jeffrey Jens Jeremy Jerry Jim Jimmy Joachim
    Joe John Jon Jonathan Jorge Jose Joseph Josh Joshua Juan Julian Justin Karim Karl Keith Ken Kenneth Kevin Khaled
    Khalid King Kirk Klaus Kofi Konstantin Kurt Kyle Kyriakos Larry Lars Laurent Lawrence Lech Leonid Liam Lindsey
    Logan Lord Louis Luis Mahmoud Manmohan Manuel Marco Mario Mark Martin Matt Matteo Matthew Maxim Mehmet Mevlut
    Michael Michel Miguel Mike Mikhail Milos Mitch Mitt Mohamed Mohammad Mohammed Morgan Moshe Muhammad Muhammadu
    Mullah Mustafa Nabil Naftali Narendra Nasser Nathan Nawaz Neil Nelson Newt Nicholas Nick Nicolas Nigel Nikolai
    Oleg Oleksandr Oliver Olivier Omar Osama Otto Paolo Patrick Paul Pavel Pedro Pervez Pete Peter Petro Phil Philip
    Philippe Phillip Pierre Pope Prince Rabbi Radovan Rafael Rahul Raila Ralph Rami Ramzan Rand Randy Ratko Raul
    Raymond Recep Rex Ricardo Richard Rick Ricky Riek Rob Robert Roberto Rod Rodrigo Roger Roman Ron Ronald Roy Rupert
    Ruslan Ryan Saad Saeed Salva Sam Samir Samuel Scott Sean Sebastian Sergei Sergey Sheikh Sheldon Shimon Shinzo
    Sigmar Silvio Simon Sir Slobodan Stefan Stephen Steve Steven Stuart Tariq Taro Ted Terry Thomas Tim Timothy Todd
    Tom Tony Trey Tyler Uhuru Vaclav Viktor Vincent Vitaly Vladimir Volodymyr Walid Walter Wayne Werner William
    Wolfgang Yair Yasser Yitzhak Yoshihide Youssef Yoweri Yuri Yusuf Zabihullah Zachary
    """
)
#: As above: "Queen", "Sister".
WOMEN = words_of(
    """
    Abigail Agnes Aisha Alena Alexandria Alice Amanda Amber Amy Ana Anastasia Angela Angelique Ann Anna Annalena Anne
    Annegret Annie Arlene Ashley Asma Aung Ayanna Ayelet Ayesha Barbara Beata Benazir Betty Beverly Bonnie Bouthaina
    Brenda Brittany Bronwen Caitlin Carla Carly Carmen Carol Carolyn Catherine Charlotte Cheryl Chimamanda Chloe
    Christiane Christina Christine Claire Claudia Condoleezza Corazon Cristina Cynthia Dalia Dame Danielle Debbie
    Deborah Debra Delcy Denise Diana Diane Dianne Dilma Dolores Donna Doris Dorothy Edith Ekaterina Eleanor Elena
    Elizabeth Ellen Ellie Elvira Emily Emma Erna Eva Eve Evelyn Ewa Fatima Fatou Federica Fiona Florence Frances
    Gabriela Galina Gillian Giorgia Gloria Golda Graca Grace Gro Hala Hanan Hanna Hannah Harriet Hasina Heather Heidi
    Helen Helle Hillary Hina Huda Ilhan Imelda Indira Irina Isabel Isabella Isabelle Ivanka Jacinda Jacqueline Jane
    Janet Janice Jeanne Jen Jennifer Jessica Jill Joan Joyce Judith Judy Julia Julie Kamala Karen Karine Karoline
    Katherine Kathleen Kathryn Kayla Kayleigh Kellyanne Kersti Khadija Khaleda Kimberly Kirsten Kirstin Kirstjen
    Kristen Kristi Ksenia Lady Laura Lauren Layla Leila Lina Linda Lisa Liz Loretta Lori Louise Lucy Ludmila Luisa
    Lynne Madeleine Madison Malala Mamata Margaret Maria Mariam Marie Marilyn Marina Marine Marise Marjorie Marsha
    Martha Mary Maryam Masih Maxine Megan Megawati Melania Melissa Mette Michaela Michele Michelle Molly Nadia Nancy
    Narges Nasrin Natalia Natalie Natalya Nathalie Navanethem Navi Ngozi Nicola Nicole Nikki Nirmala Nkosazana Oksana
    Olga Olivia Pam Pamela Patricia Peggy Penelope Penny Pratibha Princess Priti Queen Rachel Rana Rania Rashida
    Ravina Rebecca Rosa Rosemary Ruth Sally Salma Samantha Samia Samira Sandra Sanna Sara Sarah Segolene Sharon
    Shireen Shirin Shirley Sister Smriti Sonia Sophia Stephanie Susan Sushma Svetlana Sylvie Tammy Tatiana Tatyana
    Tawakkol Teresa Theresa Tracy Tulsi Tzipi Ursula Valentina Valerie Vanessa Vera Veronica Victoria Violeta Virginia
    Wendy Winnie Yasmin Yekaterina Yingluck Yulia Yulija Yvette Zahra Zainab Zoe Zuzana
    """
)
